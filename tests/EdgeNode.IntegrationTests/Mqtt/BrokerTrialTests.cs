using System.Net;
using System.Net.Sockets;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.IntegrationTests.Mqtt;

/// <summary>What <c>doctor</c> says of a broker.</summary>
[Trait("Category", "mqtt")]
public sealed class BrokerTrialTests
{
    [Theory]
    [InlineData("persistence false", "127.0.0.1:PORT accepts and delivers messages, MQTT 5, at most 2097152 bytes each")]
    [InlineData(
        "retain_available false",
        "127.0.0.1:PORT accepts and delivers messages, MQTT 5, at most 2097152 bytes each, but retains nothing: "
    )]
    public async Task A_broker_that_serves_the_node_is_described(string line, string found)
    {
        ChosenBroker.Needs(BrokerAbility.AnnouncedLimits);
        await using var broker = await MosquittoBroker.StartAsync(0, (line.Split(' ')[0], line));
        var (fault, said) = await TryAsync(new MqttOptions { Port = broker.Port });
        Assert.Null(fault);
        Assert.StartsWith(found.Replace("PORT", $"{broker.Port}", StringComparison.Ordinal), said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_broker_is_described_too()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var old = new OldBroker(broker.Port, 1);
        Assert.Equal(
            (null, $"127.0.0.1:{old.Port} accepts and delivers messages, MQTT 3.1.1"),
            await TryAsync(new MqttOptions { Port = old.Port })
        );
    }

    [Fact]
    public async Task A_wrong_password_is_no_broker_for_the_node()
    {
        await using var broker = await ProductionBroker.StartAsync();
        var options = new MqttOptions
        {
            Host = "localhost",
            Port = broker.Port,
            User = "node7",
            Password = "guess",
            Tls = new MqttTlsOptions { Enabled = true, CaFile = broker.Of("ca.crt") },
        };
        Assert.Contains("refuses the user name or password of 'node7'", (await TryAsync(options)).Fault, StringComparison.Ordinal);
        Assert.Null((await TryAsync(options with { PasswordFile = broker.Of("node7.password") })).Fault);
        var other = await TryAsync(options with { User = "node8", PasswordFile = broker.Of("node8.password") });
        Assert.Contains("facelandmark/node7/", other.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_forbids_the_nodes_topics_is_none_for_it()
    {
        ChosenBroker.Needs(BrokerAbility.Refusals);
        var folder = Directory.CreateTempSubdirectory("trial-").FullName;
        var access = Path.Combine(folder, "acl.conf");
        await File.WriteAllTextAsync(access, "topic readwrite else/#\n", TestContext.Current.CancellationToken);
        await using (var broker = await MosquittoBroker.StartAsync(0, ("acl_file", $"acl_file {access}")))
            Assert.Contains(
                "refuses messages on facelandmark/node7/doctor (NotAuthorized)",
                (await TryAsync(new MqttOptions { Port = broker.Port })).Fault,
                StringComparison.Ordinal
            );
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_web_server_and_a_port_where_nothing_listens_are_no_brokers()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var serving = Task.Run(
            async () =>
            {
                try
                {
                    while (true)
                    {
                        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                        await client.GetStream().ReadAtLeastAsync(new byte[1000], 1, false, TestContext.Current.CancellationToken);
                        await client
                            .GetStream()
                            .WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
                    }
                }
                catch (Exception end) when (end is SocketException or InvalidOperationException)
                {
                    // The listener was stopped while this waited for a client, or before it did.
                }
            },
            TestContext.Current.CancellationToken
        );
        Assert.Contains(
            "check that an MQTT broker listens there",
            (await TryAsync(new MqttOptions { Port = port })).Fault,
            StringComparison.Ordinal
        );
        listener.Stop();
        await serving;
        Assert.StartsWith(
            "Nothing listens on 127.0.0.1:",
            (await TryAsync(new MqttOptions { Port = Ports.Free() })).Fault,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_node_that_runs_keeps_its_connection()
    {
        await using var broker = await ChosenBroker.StartAsync();
        await using var bench = await LinkBench.OnlineAsync(broker.Port);
        Assert.Null((await TryAsync(new MqttOptions { Port = broker.Port })).Fault);
        await bench.Link.StopAsync(Patience.Limit);
        Assert.Single(bench.Log.All, line => line.Text.StartsWith("Connected to the broker", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Log.All, line => line.Level >= LogLevel.Warning);
    }

    private static Task<(string? Fault, string Found)> TryAsync(MqttOptions options) =>
        new BrokerTrial(
            options.Host.Length > 0 ? options : options with { Host = "127.0.0.1" },
            Samples.Topics(),
            Samples.Metrics(TimeProvider.System),
            TimeProvider.System
        )
            .RunAsync(TestContext.Current.CancellationToken)
            .InTimeAsync();
}
