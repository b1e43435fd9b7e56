using System.Diagnostics;
using System.Threading.Channels;

namespace FaceLandmark.Tests.Integrations;

/// <summary>A program that prints line by line until it is disposed, which kills it and what it started.</summary>
internal sealed class RunningProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Process _process;
    private readonly Task<string> _errors;

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                _lines.Writer.TryComplete();
            else
                _lines.Writer.TryWrite(line.Data);
        };
        process.BeginOutputReadLine();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it.</summary>
    public static RunningProgram Start(string program, IEnumerable<string> arguments, string folder, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new RunningProgram(Process.Start(start)!);
    }

    /// <summary>The next line; the end of the program is a failure with what it said.</summary>
    public async Task<string> NextLineAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        try
        {
            return await _lines.Reader.ReadAsync(limit.Token);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"It ended early: {await _errors}");
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>All lines that were not taken yet.</returns>
    public async Task<string> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        var lines = new List<string>();
        await foreach (var line in _lines.Reader.ReadAllAsync())
            lines.Add(line);
        Assert.True(_process.ExitCode == 0, $"It ended with {_process.ExitCode}: {await _errors}");
        return string.Join('\n', lines);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
