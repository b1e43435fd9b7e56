namespace FaceLandmark.Mqtt;

/// <summary>What can become of a message that was sent.</summary>
internal enum SendFate
{
    /// <summary>The broker has it; with quality of service 0, the connection took it.</summary>
    Taken,

    /// <summary>The broker refuses it now: its access list may change, its quota may have room again.</summary>
    Refused,

    /// <summary>The broker refuses what it is.</summary>
    RefusedForever,

    /// <summary>The connection broke before a receipt came.</summary>
    Lost,
}
