using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace FaceLandmark.Benchmarks;

/// <summary>The measuring process, from outside.</summary>
internal sealed class TrialProcess : IAsyncDisposable
{
    /// <summary>The verb that it is started with.</summary>
    public const string Verb = "host";

    private const int ErrorsKept = 4000;
    private static readonly TimeSpan s_answersWithin = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    /// <summary>Starts it.</summary>
    public TrialProcess(ThisProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        _process = program.Start("bench", Verb);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                if (line.Data is { } words && _errors.Length < ErrorsKept)
                    _errors.AppendLine(words);
            }
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>Asks it for something and waits for the answer.</summary>
    /// <param name="request">What.</param>
    /// <param name="mark">Called when the measured time begins and ends.</param>
    /// <param name="atLeast">How long it takes by its nature.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BenchException">It failed, ended, or does not come to an end.</exception>
    public async Task<TrialAnswer> AskAsync(
        TrialRequest request,
        Action<string> mark,
        TimeSpan atLeast,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(mark);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_answersWithin + (2 * atLeast));
        try
        {
            return await AnswerAsync(request, mark, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _process.Kill(entireProcessTree: true);
            throw new BenchException(
                $"The measuring process does not come to an end with '{request.Kind}': the machine is far too busy, or this is a bug."
            );
        }
    }

    private async Task<TrialAnswer> AnswerAsync(TrialRequest request, Action<string> mark, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, BenchJson.Default.TrialRequest));
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It has ended; the reader says so, and why.
        }

        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line is FilmClock.Begin or FilmClock.End)
            {
                mark(line);
                continue;
            }

            var answer = JsonSerializer.Deserialize(line, BenchJson.Default.TrialAnswer);
            return answer switch
            {
                null => throw new BenchException("The measuring process gave an empty answer."),
                { Error: { } error } => throw new BenchException(error),
                _ => answer,
            };
        }

        await _process.WaitForExitAsync(cancellationToken);
        string errors;
        lock (_errors)
            errors = _errors.ToString().Trim();
        throw new BenchException($"The measuring process ended with status {_process.ExitCode}. {errors}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (Exception reason) when (reason is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
