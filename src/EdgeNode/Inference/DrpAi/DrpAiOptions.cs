namespace FaceLandmark.Inference.DrpAi;

/// <summary>The section <c>Engines:DrpAi</c>: the accelerator of Renesas RZ/V boards.</summary>
internal sealed record DrpAiOptions
{
    /// <summary>The driver's device file.</summary>
    public const string DeviceFile = "/dev/drpai0";

    /// <summary>Which DRP-AI; <c>auto</c> takes the board's if there is one and never imitates.</summary>
    public DrpAiDevice Device { get; init; } = DrpAiDevice.Auto;

    /// <summary>
    /// Folder of the model object compiled for the board, with its <c>preprocess</c>; relative paths are looked for beside the program too.
    /// </summary>
    public string ModelObject { get; init; } = "models/face_deeppose_pt";

    /// <summary>
    /// <c>libfacelandmark_native.so</c>, built with the vendor's SDK; empty: beside the program or where the system looks.
    /// </summary>
    public string Library { get; init; } = "";

    /// <summary>
    /// Index of the accelerator's clock on V2H and V2N, as the vendor counts: 1 is the fastest; 1 to 127. Other boards have one clock.
    /// </summary>
    public int Frequency { get; init; } = 1;

    /// <summary>How long one call of the accelerator may take until it counts as hanging; 10 ms to 1 min.</summary>
    public TimeSpan HangAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What <see cref="Device"/> means on this machine; null: there is no DRP-AI.</summary>
    public DrpAiDevice? FindDevice() =>
        Device != DrpAiDevice.Auto ? Device
        : File.Exists(DeviceFile) ? DrpAiDevice.Hardware
        : null;
}
