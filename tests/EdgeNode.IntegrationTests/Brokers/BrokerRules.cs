namespace FaceLandmark.Tests.Brokers;

/// <summary>What a broker demands of its clients.</summary>
/// <param name="User">The only account; null: anybody may come in.</param>
/// <param name="Password">Its password.</param>
/// <param name="LargestMessage">Bytes of the largest message; null: what the broker takes by itself.</param>
/// <param name="OneWithoutReceipt">Whether a client may send one message only before it waits for the receipt. Mosquitto alone can say
/// so: the others take as many as they take.</param>
/// <param name="KeepsAllForSlowReaders">Whether the broker loses nothing of quality of service 1 for a reader that is slow, where that has
/// a bound otherwise.</param>
internal sealed record BrokerRules(
    string? User = null,
    string Password = "",
    int? LargestMessage = null,
    bool OneWithoutReceipt = false,
    bool KeepsAllForSlowReaders = false
);
