namespace FaceLandmark.Fleet;

/// <summary>All nodes below a base topic at a moment, what is wrong first.</summary>
/// <param name="Schema">Name and version of this form.</param>
/// <param name="At">When.</param>
/// <param name="Broker">The broker.</param>
/// <param name="BaseTopic">The base topic.</param>
/// <param name="Online">Nodes that are online.</param>
/// <param name="WithProblems">Nodes with a problem.</param>
/// <param name="Nodes">All nodes.</param>
internal sealed record FleetReport(
    string Schema,
    DateTimeOffset At,
    string Broker,
    string BaseTopic,
    int Online,
    int WithProblems,
    IReadOnlyList<FleetNode> Nodes
)
{
    /// <summary>The version of the form.</summary>
    public const string SchemaName = "facelandmark/fleet/1";

    /// <summary>The report about nodes.</summary>
    public static FleetReport Of(IReadOnlyList<FleetNode> nodes, string broker, string baseTopic, DateTimeOffset at) =>
        new(
            SchemaName,
            at,
            broker,
            baseTopic,
            nodes.Count(node => node.Status == FleetWatch.Online),
            nodes.Count(node => node.Problems.Count > 0),
            nodes
        );
}
