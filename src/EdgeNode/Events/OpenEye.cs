namespace FaceLandmark.Events;

/// <summary>
/// Tells when an eye is closed by how open it usually is, since eyes differ from person to person: of 14 faces whose eyes people marked as
/// closed 8 come below a limit that spares all open ones, 13 below 0.55 of what is usual (docs/decisions/0173).
/// </summary>
internal struct OpenEye
{
    /// <summary>
    /// Lids nearer than this share of their usual distance are closed. Measured by what is usual for all people, 8 of 268 faces with open
    /// eyes have so narrow ones.
    /// </summary>
    private const float ClosedShare = 0.55f;

    /// <summary>
    /// Openness is (distance of the lids over the eye's width - 0.05) / 0.3; this added to it is proportional to the distance.
    /// </summary>
    private const float Touching = 0.05f / 0.3f;

    // The usual openness follows an eye that opens further at once, and one that narrows slowly: closed eyes stay closed for half a minute.
    private const double SecondsUp = 0.5;
    private const double SecondsDown = 60;

    private float? _usual;

    /// <summary>Looks at the eye of the next frame.</summary>
    /// <param name="openness">0 to 1.</param>
    /// <param name="seconds">Time since the last look.</param>
    /// <returns>Whether it is closed.</returns>
    public bool IsClosed(float openness, double seconds)
    {
        var distance = openness + Touching;
        var usual = _usual ?? distance;
        usual += (float)(1 - Math.Exp(-seconds / (distance > usual ? SecondsUp : SecondsDown))) * (distance - usual);
        _usual = usual;
        return distance < ClosedShare * usual;
    }
}
