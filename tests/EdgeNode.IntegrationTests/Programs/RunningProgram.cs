using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace FaceLandmark.Tests.Programs;

/// <summary>
/// A program that runs until it ends or is disposed, which kills it and what it started, and waits for their end: nothing of it loads the
/// machine afterwards. What it prints is kept, and can be waited for.
/// </summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    private const int Stop = 19; // SIGSTOP and the others as Linux counts them
    private const int Continue = 18;
    private const int HangUpSignal = 1;
    private const int Terminate = 15;
    private const int InterruptSignal = 2;

    private readonly Lock _lock = new();
    private readonly List<(string Words, TaskCompletionSource Said)> _awaited = [];
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly string _name;
    private readonly Process _process;
    private readonly Task _reading;
    private bool _isDisposed;

    private RunningProgram(string name, Process process)
    {
        (_name, _process) = (name, process);
        _reading = ReadAsync();
    }

    /// <summary>Standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>Standard error so far.</summary>
    public string Errors => Text(_errors);

    /// <summary>Both so far.</summary>
    public string Log => Output + Errors;

    /// <summary>Processor time that it has used, and memory that it has, of its own process.</summary>
    public (TimeSpan Processor, long Bytes) Usage
    {
        get
        {
            _process.Refresh();
            return (_process.TotalProcessorTime, _process.WorkingSet64);
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="program">A path, or the name of one that is on the path or among the administrator's.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working directory; null: the tests' own.</param>
    /// <param name="variables">Environment variables besides those of the tests.</param>
    public static RunningProgram Start(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        params (string Name, string Value)[] variables
    )
    {
        var start = new ProcessStartInfo(Find(program), arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new RunningProgram(program, Process.Start(start)!);
    }

    /// <summary>Runs one to its end and gives what it printed; another status than 0 is a failure with what it said.</summary>
    public static async Task<string> OutputOfAsync(string program, params IEnumerable<string> arguments)
    {
        await using var running = Start(program, arguments);
        return await running.OutputAsync();
    }

    /// <summary>
    /// Waits until a line of either output has these words, or had them before; the end of the program without them is a failure with what
    /// it said.
    /// </summary>
    public async Task SaysAsync(string words)
    {
        Task said;
        lock (_lock)
        {
            if (
                _output.ToString().Contains(words, StringComparison.Ordinal) || _errors.ToString().Contains(words, StringComparison.Ordinal)
            )
                return;
            var awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((words, awaited));
            said = awaited.Task;
        }

        try
        {
            await Task.WhenAny(said, _reading).InTimeAsync($"{_name} says '{words}'");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; it says: {Log}");
        }

        if (!said.IsCompleted)
            throw new InvalidOperationException($"{_name} ended without '{words}': {Log}");
    }

    /// <summary>The next line of standard output; the end of the program is a failure with what it said.</summary>
    public async Task<string> NextLineAsync()
    {
        try
        {
            return await _lines.Reader.ReadAsync().InTimeAsync($"a line of {_name}");
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"{_name} ended early: {Log}");
        }
    }

    /// <summary>Waits for its end.</summary>
    public Task<(int ExitCode, string Output, string Errors)> EndAsync() => EndAsync(Patience.Limit);

    /// <summary>Waits for the end of one that rightly takes long.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync(TimeSpan limit)
    {
        var end = _process.WaitForExitAsync();
        if (await Task.WhenAny(end, Task.Delay(limit)) != end)
            throw new TimeoutException($"Still waiting after {limit}: the end of {_name}; it says: {Log}");
        await _reading.InTimeAsync($"the end of what {_name} says");
        return (_process.ExitCode, Output, Errors);
    }

    /// <summary>Waits for its end and gives what it printed; another status than 0 is a failure with what it said.</summary>
    public async Task<string> OutputAsync()
    {
        var (status, output, errors) = await EndAsync();
        return status == 0 ? output : throw new InvalidOperationException($"{_name} ended with {status}: {errors}");
    }

    /// <summary>Memory that it holds, bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Asks it to stop, as a supervisor does.</summary>
    public void AskToStop() => Send(Terminate);

    /// <summary>Asks it to stop, as Ctrl+C does.</summary>
    public void Interrupt() => Send(InterruptSignal);

    /// <summary>The processes that it has started and that still run.</summary>
    public IReadOnlyList<int> Children()
    {
        var parent = $"PPid:\t{_process.Id}\n";
        return [.. Directory.GetDirectories("/proc").Where(IsChild).Select(path => int.Parse(Path.GetFileName(path), null))];

        bool IsChild(string path)
        {
            try
            {
                return char.IsAsciiDigit(Path.GetFileName(path)[0])
                    && File.ReadAllText(Path.Combine(path, "status")).Contains(parent, StringComparison.Ordinal);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false; // it has ended meanwhile
            }
        }
    }

    /// <summary>
    /// Holds the process and those that it has started where they are, and returns when it stands still: its connections stay, nothing
    /// answers. <see cref="Thaw"/> lets them go on.
    /// </summary>
    public void Freeze()
    {
        const int ByProcess = 1;
        const int Stopped = 2; // P_PID and WSTOPPED
        foreach (var child in Children()) // a script stands in front of some programs
        {
            Send(Stop, child);
            SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{child}/stat").Contains(") T ", StringComparison.Ordinal), Patience.Limit);
        }

        Send(Stop);
        if (WaitId(ByProcess, _process.Id, new byte[128], Stopped) != 0)
            throw new InvalidOperationException($"waitid: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Asks a daemon to read its configuration again.</summary>
    public void HangUp() => Send(HangUpSignal);

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    public void Thaw()
    {
        foreach (var child in Children())
            Send(Continue, child);
        Send(Continue);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await EndAsync();
        _process.Dispose();
    }

    private static string Find(string program)
    {
        // Debian keeps mosquitto where only root looks.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin");
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"There is no {program}: ./test.sh installs what the tests need.");
    }

    private void Send(int signal) => Send(signal, _process.Id);

    private void Send(int signal, int process)
    {
        if (Kill(process, signal) != 0)
            throw new InvalidOperationException($"kill -{signal} of {_name}: errno {Marshal.GetLastPInvokeError()}");
    }

    private string Text(StringBuilder text)
    {
        lock (_lock)
            return text.ToString();
    }

    private async Task ReadAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput, _output), ReadAsync(_process.StandardError, _errors));
        _lines.Writer.Complete();
    }

    private async Task ReadAsync(StreamReader from, StringBuilder text)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                text.AppendLine(line);
                foreach (var (words, said) in _awaited)
                {
                    if (line.Contains(words, StringComparison.Ordinal))
                        said.TrySetResult();
                }
            }

            if (ReferenceEquals(text, _output))
                _lines.Writer.TryWrite(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int id, Span<byte> info, int options);
}
