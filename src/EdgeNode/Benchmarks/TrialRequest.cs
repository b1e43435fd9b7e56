using FaceLandmark.Pipeline;

namespace FaceLandmark.Benchmarks;

/// <summary>What the measuring process is asked for, one line of JSON.</summary>
internal sealed record TrialRequest
{
    /// <summary>What is to be done.</summary>
    public required TrialKind Kind { get; init; }

    /// <summary>The film of <see cref="FilmFile"/>.</summary>
    public required string Film { get; init; }

    /// <summary>A model by its name; null: the one that the settings choose.</summary>
    public string? Model { get; init; }

    /// <summary>Whether the 8-bit version is taken; null: as the settings say.</summary>
    public bool? EightBit { get; init; }

    /// <summary>Threads of one inference; null: as the settings say.</summary>
    public int? Threads { get; init; }

    /// <summary>Faces that are inferred at once; null: as the settings say.</summary>
    public int? AtOnce { get; init; }

    /// <summary>Inferences, or turns.</summary>
    public int Calls { get; init; }

    /// <summary>Number of cameras.</summary>
    public int Cameras { get; init; } = 1;

    /// <summary>The most faces that are followed; the film has as many.</summary>
    public int Faces { get; init; } = 1;

    /// <summary>Whether previews are published.</summary>
    public bool Previews { get; init; }

    /// <summary>Frames a second of a live source; 0: a file, read as fast as its frames are taken.</summary>
    public double Fps { get; init; }

    /// <summary>Frames before the measured ones, of all cameras.</summary>
    public int Warm { get; init; }

    /// <summary>Measured frames, of all cameras.</summary>
    public int Frames { get; init; }

    /// <summary>Where the broker listens.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port of the broker.</summary>
    public int Port { get; init; }

    /// <summary>Name of the node.</summary>
    public string Node { get; init; } = "";

    /// <summary>Which engine frames go to; null: as the settings say.</summary>
    public DispatchMode? Mode { get; init; }

    /// <summary>
    /// Milliseconds that a face takes on a second engine which only waits, in place of a DRP-AI; 0: no second engine but the board's.
    /// </summary>
    public double Wait { get; init; }

    /// <summary>Whether the whole frame is the region, without a detector.</summary>
    public bool FullFrame { get; init; }
}
