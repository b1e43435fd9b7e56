using System.Diagnostics;
using System.Reflection;

namespace FaceLandmark.Benchmarks;

/// <summary>Starts this program once more.</summary>
/// <param name="arguments">Settings and <c>--config</c> of the call, which every start gets.</param>
internal sealed class ThisProgram(IReadOnlyList<string> arguments)
{
    /// <summary>Starts it with standard input, output and errors redirected.</summary>
    /// <exception cref="BenchException">It does not start.</exception>
    public Process Start(params IEnumerable<string> verb)
    {
        var path = Environment.ProcessPath ?? throw new BenchException("The system does not tell where this program is.");
        // An installed program is a file of its own; one that was built is started by dotnet.
        var isHost = Path.GetFileNameWithoutExtension(path) is "dotnet";
        var start = new ProcessStartInfo(path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (isHost)
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        foreach (var argument in verb.Concat(arguments))
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new BenchException($"{path} does not start.");
    }
}
