namespace FaceLandmark.Pipeline;

/// <summary>Which engine a frame goes to.</summary>
public enum DispatchMode
{
    /// <summary>The CPU engine.</summary>
    Cpu,
}
