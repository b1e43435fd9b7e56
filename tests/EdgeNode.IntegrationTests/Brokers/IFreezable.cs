namespace FaceLandmark.Tests.Brokers;

/// <summary>A broker that can be held where it is.</summary>
internal interface IFreezable
{
    /// <inheritdoc cref="RunningProgram.Freeze"/>
    void Freeze();

    /// <inheritdoc cref="RunningProgram.Thaw"/>
    void Thaw();
}
