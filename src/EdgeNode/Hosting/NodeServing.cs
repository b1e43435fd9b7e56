using FaceLandmark.Control;
using FaceLandmark.Diagnostics;
using FaceLandmark.Web;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Hosting;

/// <summary>What others may ask of a node: commands over MQTT, health and figures, the live page.</summary>
internal sealed class NodeServing : IAsyncDisposable
{
    private readonly NodeContext _node;
    private readonly NodeMessaging _messaging;
    private readonly HealthPages _pages;
    private readonly RestartCommand _restart = new();
    private readonly CommandDesk? _desk;
    private readonly IDisposable? _otlp;
    private IAsyncDisposable? _endpoint;
    private LivePage? _page;

    /// <summary>Puts it together and listens to commands; before the link starts.</summary>
    public NodeServing(NodeContext node, NodeMessaging messaging, NodeFrames frames)
    {
        (_node, _messaging) = (node, messaging);
        var (options, _, identity, metrics, loggers, time) = node;
        _pages = new HealthPages(frames.Health, metrics);
        var commands = new Dictionary<string, ICommand>
        {
            ["camera"] = new CameraCommand(frames.Cameras),
            ["health"] = new HealthCommand(frames.Health),
            ["mode"] = new ModeCommand(frames.Dispatch),
            ["model"] = new ModelCommand(
                frames.Network,
                options.Models,
                options.Engines,
                frames.Inform,
                loggers.CreateLogger<ModelCommand>(),
                options.Preprocess.Path
            ),
            ["preview"] = new PreviewCommand(frames.Previews),
            ["restart"] = _restart,
            ["snapshot"] = new SnapshotCommand(frames.Previews, messaging.Topics),
        };
        var allowed = options.Commands.Verbs().ToDictionary(verb => verb, verb => commands[verb]);
        if (allowed.Count > 0)
            _desk = new CommandDesk(allowed, messaging.Link, messaging.Topics, identity, time, loggers.CreateLogger<CommandDesk>());
        _otlp = OtlpExport.Start(options.Diagnostics, identity);
    }

    /// <summary>Completes when a command requested a restart.</summary>
    public Task RestartAsked => _restart.Asked;

    /// <summary>Serves health and figures where the options say so.</summary>
    /// <exception cref="EndpointException">The port cannot be had.</exception>
    public async Task StartAsync() =>
        _endpoint = await HttpEndpoint.StartAsync(_node.Options.Diagnostics, _pages, _node.Loggers).ConfigureAwait(false);

    /// <summary>Serves the live page where the options say so; once the link has started.</summary>
    public void ShowPage() =>
        _page = LivePage.Start(
            _node.Options.Web,
            _node.Options.Mqtt,
            _messaging.Settings,
            _messaging.Link,
            _pages,
            _node.Time,
            _node.Loggers
        );

    /// <summary>Takes no more commands; while the link is still there, so that the last answers go out.</summary>
    public ValueTask StopAsync() => _desk?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
            await _page.DisposeAsync().ConfigureAwait(false);
        await StopAsync().ConfigureAwait(false);
        _otlp?.Dispose();
        if (_endpoint is not null)
            await _endpoint.DisposeAsync().ConfigureAwait(false);
    }
}
