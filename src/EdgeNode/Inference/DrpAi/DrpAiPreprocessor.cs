using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>
/// Pre-processing on the DRP-AI: the frame goes into the udmabuf, the region becomes the crop parameters. The accelerator reads YUY2 inside
/// the frame only and cannot turn it; a region that reaches beyond the frame or is turned, and a BGR frame, get the same steps with the
/// same roundings on the CPU.
/// </summary>
internal sealed class DrpAiPreprocessor(DrpAiHandle handle, ModelCard model) : IPreprocessor
{
    private readonly EmulatedPreprocessor _beyond = new(model);

    /// <inheritdoc/>
    public void Prepare(Frame frame, Region region, FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(tensor);
        var isInside = region.X >= 0 && region.Y >= 0 && region.X + region.Width <= frame.Width && region.Y + region.Height <= frame.Height;
        if (!isInside || region.Degrees != 0 || frame.Layout != PixelLayout.Yuy2)
        {
            _beyond.Prepare(frame, region, tensor);
            return;
        }

        Span<byte> text = stackalloc byte[DrpAiLibrary.TextLength];
        var status = DrpAiLibrary.Prepare(
            handle,
            frame.Address,
            (ulong)frame.Data.Length,
            (uint)frame.Width,
            (uint)frame.Height,
            (uint)region.X,
            (uint)region.Y,
            (uint)region.Width,
            (uint)region.Height,
            tensor.Input,
            (ulong)tensor.Input.Length,
            text,
            (uint)text.Length
        );
        DrpAiLibrary.ThrowIfFailed(status, text);
    }

    /// <inheritdoc/>
    public void Dispose() => _beyond.Dispose();
}
