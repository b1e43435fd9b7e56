using System.Collections.Frozen;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Every topic of the node, composed once. Names are taken as they are: the options' validator refuses what MQTT forbids.
/// </summary>
internal sealed class MqttTopics
{
    private readonly FrozenDictionary<string, CameraTopics> _cameras;

    /// <summary>Composes <c>baseTopic/node/...</c> for the node and its cameras.</summary>
    public MqttTopics(string baseTopic, string node, IEnumerable<string> cameras)
    {
        Node = node;
        Base = $"{baseTopic}/{node}";
        Status = $"{Base}/status";
        Info = $"{Base}/info";
        Stats = $"{Base}/stats";
        Compare = $"{Base}/compare";
        Log = $"{Base}/log";
        Requests = $"{Base}/request/";
        Responses = $"{Base}/response/";
        _cameras = cameras.ToFrozenDictionary(
            camera => camera,
            camera => new CameraTopics(
                $"{Base}/cameras/{camera}/state",
                $"{Base}/cameras/{camera}/landmarks",
                $"{Base}/cameras/{camera}/preview",
                $"{Base}/cameras/{camera}/summary",
                $"{Base}/cameras/{camera}/events"
            )
        );
    }

    /// <summary>Name of the node.</summary>
    public string Node { get; }

    /// <summary>What all topics begin with, without a slash at the end.</summary>
    public string Base { get; }

    /// <summary><c>online</c>, <c>stopped</c> or <c>offline</c>; retained.</summary>
    public string Status { get; }

    /// <summary>What the node is; retained.</summary>
    public string Info { get; }

    /// <summary>Figures, every so often.</summary>
    public string Stats { get; }

    /// <summary>How far two engines' landmarks are apart.</summary>
    public string Compare { get; }

    /// <summary>Warnings and errors.</summary>
    public string Log { get; }

    /// <summary>What the topics of commands begin with, with a slash at the end.</summary>
    public string Requests { get; }

    /// <summary>What the topics of their answers begin with, with a slash at the end.</summary>
    public string Responses { get; }

    /// <summary>Names of the cameras.</summary>
    public IReadOnlyList<string> Cameras => _cameras.Keys;

    /// <summary>The topics of a camera.</summary>
    /// <exception cref="KeyNotFoundException">The node has no such camera: a bug.</exception>
    public CameraTopics Camera(string name) => _cameras[name];
}
