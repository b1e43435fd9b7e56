using MQTTnet;

namespace FaceLandmark.Mqtt;

/// <summary>
/// How the node speaks to the broker: the version of the protocol and what the last will may be. When a broker refuses one of them, or
/// closes the connection without an answer as old ones do, the node tries the next way. One thread.
/// </summary>
internal sealed class BrokerDialect(MqttVersion wanted)
{
    // Hanging up once may be chance: a broker that is being killed does it too.
    private const int SilencesBeforeNext = 2;

    // What a broker does not take it refuses at once; a cluster that has lost a member tries for seconds before it hangs up.
    private static readonly TimeSpan s_refusesWithin = TimeSpan.FromSeconds(1);
    private readonly Way[] _ways = wanted switch
    {
        MqttVersion.V5 => [new(true, true)],
        MqttVersion.V311 => [new(false, true), new(false, false)],
        _ => [new(true, true), new(false, true), new(false, false)],
    };

    private int _way;
    private int _silences;
    private bool _isGuess;
    private bool _tookWholeWill;
    private bool _mayRetain = true;
    private bool _mayAcknowledge = true;

    /// <summary>Whether MQTT 5 is spoken.</summary>
    public bool IsVersion5 => _ways[_way].IsVersion5;

    /// <summary>Whether the last will is retained.</summary>
    public bool RetainsWill => _mayRetain && _ways[_way].IsWholeWill;

    /// <summary>Whether the last will has quality of service 1.</summary>
    public bool AcknowledgesWill => _mayAcknowledge && _ways[_way].IsWholeWill;

    /// <summary>
    /// Whether the broker may have hung up only because it knows nothing but MQTT 3.1.1, in which it was not asked yet: no news for people.
    /// </summary>
    public bool MayBeOld { get; private set; }

    /// <summary>The broker said no.</summary>
    /// <param name="code">Why.</param>
    /// <param name="oldCode">Code of MQTT 3.1.1, when it answered in that version; null otherwise.</param>
    /// <returns>Whether it is to be asked in another way, at once.</returns>
    public bool Refused(MqttClientConnectResultCode code, byte? oldCode)
    {
        _silences = 0;
        if (code == MqttClientConnectResultCode.RetainNotSupported && RetainsWill)
            return !(_mayRetain = false);
        if (code == MqttClientConnectResultCode.QoSNotSupported && AcknowledgesWill)
            return !(_mayAcknowledge = false);
        var isOld = code == MqttClientConnectResultCode.UnsupportedProtocolVersion || oldCode is not null;
        if (wanted != MqttVersion.Auto || !IsVersion5 || !isOld)
            return false;
        _way++;
        return true;
    }

    /// <summary>The broker took the connection and hung up without an answer.</summary>
    /// <param name="after">How long it took to do so.</param>
    public void HungUp(TimeSpan after)
    {
        MayBeOld = wanted == MqttVersion.Auto && IsVersion5;
        var next = (_way + 1) % _ways.Length;
        if (!_ways[next].IsWholeWill && after >= s_refusesWithin)
            return;
        if (!_ways[next].IsWholeWill && _tookWholeWill)
            next = 0; // it is in trouble, and not one that takes no such will: a guess would cost the node's state its being retained
        if (_ways.Length == 1 || ++_silences < SilencesBeforeNext)
            return;
        (_silences, _isGuess) = (0, true);
        _way = next;
    }

    /// <summary>The broker said yes.</summary>
    public void Accepted()
    {
        _silences = 0;
        _tookWholeWill |= RetainsWill;
    }

    /// <summary>The connection is gone: what was found by trying is tried again, because it may have been chance.</summary>
    public void Ended()
    {
        if (_isGuess)
            (_way, _isGuess, _silences) = (0, false, 0);
    }

    private readonly record struct Way(bool IsVersion5, bool IsWholeWill);
}
