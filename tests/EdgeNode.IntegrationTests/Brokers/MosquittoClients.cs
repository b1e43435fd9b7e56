namespace FaceLandmark.Tests.Brokers;

/// <summary>Mosquitto's own clients, which know nothing of our library.</summary>
internal static class MosquittoClients
{
    /// <summary>Publishes once (<c>mosquitto_pub</c>).</summary>
    public static Task<string> PublishAsync(params IEnumerable<string> arguments) =>
        RunningProgram.OutputOfAsync("mosquitto_pub", arguments);

    /// <summary>Subscribes until so many messages have come (<c>mosquitto_sub</c>).</summary>
    /// <returns>What it printed.</returns>
    public static Task<string> SubscribeAsync(int messages, params IEnumerable<string> arguments) =>
        RunningProgram.OutputOfAsync("mosquitto_sub", [.. arguments, "-C", $"{messages}", "-W", Patience.Seconds]);

    /// <summary>Publishes a request and waits for the response (<c>mosquitto_rr</c>).</summary>
    /// <returns>What it printed.</returns>
    public static Task<string> RequestAsync(params IEnumerable<string> arguments) =>
        RunningProgram.OutputOfAsync("mosquitto_rr", [.. arguments, "-W", Patience.Seconds]);
}
