namespace FaceLandmark.Benchmarks;

/// <summary>What the measuring process can do.</summary>
internal enum TrialKind
{
    /// <summary>Writes the film.</summary>
    Film,

    /// <summary>Writes the model in the form that a script with OpenCV reads.</summary>
    PeerModel,

    /// <summary>Runs the network alone, again and again.</summary>
    Bare,

    /// <summary>Runs a whole node.</summary>
    Node,

    /// <summary>Takes frames through the steps one after the other, and each step's processor time.</summary>
    Steps,

    /// <summary>Compares the pre-processors.</summary>
    Preprocess,
}
