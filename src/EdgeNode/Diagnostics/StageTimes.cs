namespace FaceLandmark.Diagnostics;

/// <summary>Milliseconds of a frame's way, from capture on.</summary>
internal sealed class StageTimes
{
    /// <summary>Waiting in front of and between the steps.</summary>
    public double Queue { get; set; }

    /// <summary>Finding the regions.</summary>
    public double Locate { get; set; }

    /// <summary>Making the tensors.</summary>
    public double Preprocess { get; set; }

    /// <summary>Running the network on all faces.</summary>
    public double Inference { get; set; }

    /// <summary>From fractions to faces.</summary>
    public double Postprocess { get; set; }

    /// <summary>From capture to the message; of a source that waits for the gate, from the gate.</summary>
    public double Total { get; set; }
}
