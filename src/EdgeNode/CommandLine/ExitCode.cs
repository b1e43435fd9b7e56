namespace FaceLandmark.CommandLine;

/// <summary>What the program tells the shell and the supervisor.</summary>
internal static class ExitCode
{
    /// <summary>Ended as it should.</summary>
    public const int Clean = 0;

    /// <summary>Something failed; starting again may help.</summary>
    public const int Fault = 1;

    /// <summary>The arguments or the configuration are wrong, or a person has to install something; starting again does not help.</summary>
    public const int BadUsage = 2;
}
