using System.Net;
using System.Net.Sockets;

namespace FaceLandmark.Tests.Web;

public sealed class TakenPortTests
{
    [Fact]
    public async Task A_page_whose_port_is_taken_is_a_warning_and_the_node_runs()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (status, _, errors) = await NodeProcess.RunAsync(
            "--source",
            "demo",
            "--frames",
            "30",
            $"--Mqtt:Port={Ports.Free()}",
            $"--Web:Port={port}"
        );
        Assert.Equal(0, status);
        Assert.Contains($"There is no live page: the node cannot listen on 127.0.0.1:{port}", errors, StringComparison.Ordinal);
        Assert.Contains("Set Web:Port to a free port", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_whose_port_is_taken_end_the_node()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (status, _, errors) = await NodeProcess.RunAsync(
            "--source",
            "demo",
            "--frames",
            "1",
            $"--Mqtt:Port={Ports.Free()}",
            $"--Diagnostics:HttpPort={port}"
        );
        Assert.Equal(1, status);
        Assert.Contains($"The node cannot listen on 127.0.0.1:{port}", errors, StringComparison.Ordinal);
        Assert.Contains("set Diagnostics:HttpPort to a free port", errors, StringComparison.Ordinal);
    }
}
