namespace FaceLandmark.Inference.DrpAi;

/// <summary>The section <c>Engines:DrpAi</c>: the accelerator of Renesas RZ/V boards.</summary>
public sealed record DrpAiOptions
{
    /// <summary>The driver's device file.</summary>
    public const string DeviceFile = "/dev/drpai0";

    /// <summary>Which DRP-AI; <c>auto</c> takes the board's if there is one and never imitates.</summary>
    public DrpAiDevice Device { get; init; } = DrpAiDevice.Auto;

    /// <summary>What <see cref="Device"/> means on this machine; null: there is no DRP-AI.</summary>
    public DrpAiDevice? FindDevice() => Device != DrpAiDevice.Auto ? Device : File.Exists(DeviceFile) ? DrpAiDevice.Hardware : null;
}
