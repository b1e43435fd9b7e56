using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;

namespace FaceLandmark.Mqtt;

/// <summary>Gives each client of the embedded broker a <see cref="BrokerClientChannel"/>.</summary>
/// <param name="inner">Listens.</param>
/// <param name="packetBytesAtMost">Announced to clients of MQTT 5.</param>
internal sealed class BrokerClientAdapter(IMqttServerAdapter inner, int packetBytesAtMost) : IMqttServerAdapter
{
    private readonly SemaphoreSlim _retained = new(1);

    /// <inheritdoc/>
    public Func<IMqttChannelAdapter, Task>? ClientHandler
    {
        get => inner.ClientHandler;
        set => inner.ClientHandler = value is null ? null : channel => ServeAsync(channel, value);
    }

    /// <inheritdoc/>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => inner.StartAsync(options, logger);

    /// <inheritdoc/>
    public Task StopAsync() => inner.StopAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        inner.Dispose();
        _retained.Dispose();
    }

    private async Task ServeAsync(IMqttChannelAdapter channel, Func<IMqttChannelAdapter, Task> serve)
    {
        using var client = new BrokerClientChannel(channel, packetBytesAtMost, _retained);
        await serve(client);
    }
}
