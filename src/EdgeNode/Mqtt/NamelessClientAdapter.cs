using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;

namespace FaceLandmark.Mqtt;

/// <summary>
/// Lets clients in that give no identifier, as <c>mosquitto_sub</c> does by default and MQTT 3.1.1 (3.1.3.1) allows; MQTTnet's server by
/// itself refuses them.
/// </summary>
/// <param name="inner">Listens.</param>
/// <param name="packetBytesAtMost">Told to clients of MQTT 5.</param>
internal sealed class NamelessClientAdapter(IMqttServerAdapter inner, int packetBytesAtMost) : IMqttServerAdapter
{
    /// <inheritdoc/>
    public Func<IMqttChannelAdapter, Task>? ClientHandler
    {
        get => inner.ClientHandler;
        set => inner.ClientHandler = value is null ? null : channel => value(new NamelessClientChannel(channel, packetBytesAtMost));
    }

    /// <inheritdoc/>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => inner.StartAsync(options, logger);

    /// <inheritdoc/>
    public Task StopAsync() => inner.StopAsync();

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}
