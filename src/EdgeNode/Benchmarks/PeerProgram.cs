using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FaceLandmark.Benchmarks;

/// <summary>The script that is compared with: it gets the film, the network and the broker, and prints a line of JSON.</summary>
/// <param name="script">Its file, which can be executed.</param>
/// <param name="film">The film.</param>
/// <param name="model">The model, as <see cref="PeerModel"/> writes it.</param>
/// <param name="region">Where the face is in the first frame: x, y, side in pixels.</param>
internal sealed class PeerProgram(string script, string film, string model, IReadOnlyList<double> region)
{
    /// <summary>Runs it once.</summary>
    /// <exception cref="BenchException">It cannot be run, fails, or prints something else.</exception>
    public async Task<PeerFigures> RunAsync(Subscriber subscriber, string baseTopic, BenchPlan plan, CancellationToken stop)
    {
        var start = new ProcessStartInfo(Path.GetFullPath(script)) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            film,
            model,
            string.Create(CultureInfo.InvariantCulture, $"{region[0]:f0},{region[1]:f0},{region[2]:f0}"),
            subscriber.Host,
            Text(subscriber.Port),
            $"{baseTopic}/{subscriber.Node}/peer",
            Text(plan.Warm),
            Text(plan.Frames),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using var program = Process.Start(start) ?? throw new BenchException($"{script} does not start.");
            var (output, errors) = (program.StandardOutput.ReadToEndAsync(stop), program.StandardError.ReadToEndAsync(stop));
            await program.WaitForExitAsync(stop);
            if (program.ExitCode != 0)
                throw new BenchException($"{script} ended with status {program.ExitCode}: {LastLine(await errors)}");
            return JsonSerializer.Deserialize(await output, BenchJson.Default.PeerFigures) ?? throw new JsonException("it is empty.");
        }
        catch (Win32Exception reason)
        {
            throw new BenchException($"{script} cannot be started ({reason.Message}): make it executable (chmod +x).", reason);
        }
        catch (JsonException reason)
        {
            throw new BenchException($"{script} does not print the line of JSON that is expected: {reason.Message}", reason);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string LastLine(string text) => text.TrimEnd().Split('\n')[^1];
}
