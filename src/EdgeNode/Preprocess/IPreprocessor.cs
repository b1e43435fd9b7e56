using FaceLandmark.Capture;
using FaceLandmark.Faces;

namespace FaceLandmark.Preprocess;

/// <summary>Turns a region of a frame into the network's input. One instance a lane, used by one thread at a time.</summary>
internal interface IPreprocessor : IDisposable
{
    /// <summary>
    /// Writes <see cref="FaceTensor.Input"/>: RGB, bilinear to Size x Size, to [0,1], standardised, planar. Outside the frame is black.
    /// </summary>
    void Prepare(Frame frame, Region region, FaceTensor tensor);
}
