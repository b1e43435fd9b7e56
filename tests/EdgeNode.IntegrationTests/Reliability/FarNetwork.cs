namespace FaceLandmark.Tests.Reliability;

/// <summary>
/// A network of its own at the end of a cable: what runs there is another host to what runs here, and the cable can be pulled out at
/// either end. Only root can lay it.
/// </summary>
internal sealed class FarNetwork : IAsyncDisposable
{
    private static int s_count;
    private readonly string _name = $"fl{Environment.ProcessId}n{Interlocked.Increment(ref s_count)}";
    private readonly string _subnet = $"10.213.{Environment.ProcessId % 250}";
    private readonly string _here;
    private readonly string _there;

    private FarNetwork() => (_here, _there) = (_name + "a", _name + "b");

    /// <summary>Why there can be none on this machine, or null.</summary>
    public static string? Problem { get; } = Environment.IsPrivilegedProcess ? null : "Only root can lay a network cable.";

    /// <summary>The far host.</summary>
    public string Address => _subnet + ".2";

    /// <summary>Lays it.</summary>
    public static async Task<FarNetwork> StartAsync()
    {
        var network = new FarNetwork();
        await IpAsync("netns", "add", network._name);
        try
        {
            await IpAsync("link", "add", network._here, "type", "veth", "peer", "name", network._there, "netns", network._name);
            await IpAsync("addr", "add", network._subnet + ".1/30", "dev", network._here);
            await IpAsync("-n", network._name, "addr", "add", network._subnet + ".2/30", "dev", network._there);
            await IpAsync("-n", network._name, "link", "set", "lo", "up");
            await network.PlugAsync(true);
            await network.PlugAsync(false);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a program on the far host.</summary>
    public RunningProgram Run(string program, params string[] arguments) =>
        RunningProgram.Start("ip", ["netns", "exec", _name, program, .. arguments]);

    /// <summary>Pulls the cable out.</summary>
    /// <param name="isHere">True: here, where the system sees it at once. False: there, where it does not.</param>
    public Task PullAsync(bool isHere) => SetAsync(isHere, "down");

    /// <summary>Puts it in again.</summary>
    /// <param name="isHere">At which end.</param>
    public Task PlugAsync(bool isHere) => SetAsync(isHere, "up");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The system takes a network away some time after its name; so the cable first.
        await using (var unplugged = RunningProgram.Start("ip", ["link", "del", _here]))
            await unplugged.EndAsync();
        await IpAsync("netns", "del", _name);
    }

    private Task<string> SetAsync(bool isHere, string state) =>
        isHere ? IpAsync("link", "set", _here, state) : IpAsync("-n", _name, "link", "set", _there, state);

    private static Task<string> IpAsync(params string[] arguments) => RunningProgram.OutputOfAsync("ip", arguments);
}
