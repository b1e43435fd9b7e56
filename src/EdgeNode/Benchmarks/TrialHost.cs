using System.Text.Json;
using FaceLandmark.Configuration;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Platform;

namespace FaceLandmark.Benchmarks;

/// <summary>
/// The measuring process: takes requests line by line from standard input and answers each by a line on standard output, before which it
/// says when the measured time begins and ends. A process of its own, so that the node's figures are the node's alone: broker, subscriber
/// and progress bars are the other process's.
/// </summary>
internal static class TrialHost
{
    /// <summary>Serves until there are no more requests.</summary>
    public static async Task RunAsync(EdgeNodeOptions options, TextReader requests, TextWriter answers)
    {
        while (await requests.ReadLineAsync() is { } line)
        {
            TrialAnswer answer;
            try
            {
                var request =
                    JsonSerializer.Deserialize(line, BenchJson.Default.TrialRequest) ?? throw new BenchException("A request is empty.");
                answer = await AnswerAsync(options, request, Say);
            }
            catch (Exception reason) when (reason is ExplainedException or IOException or UnauthorizedAccessException or TimeoutException)
            {
                answer = new TrialAnswer { Error = reason.Message };
            }

            Say(JsonSerializer.Serialize(answer, BenchJson.Default.TrialAnswer));
        }

        void Say(string words)
        {
            answers.WriteLine(words);
            answers.Flush();
        }
    }

    private static async Task<TrialAnswer> AnswerAsync(EdgeNodeOptions options, TrialRequest request, Action<string> mark)
    {
        switch (request.Kind)
        {
            case TrialKind.Film:
                using (var detector = new BlazeFaceDetector(options.Locate))
                    return new TrialAnswer { Region = FilmFile.Make(request.Film, detector) };
            case TrialKind.PeerModel:
                var card = new ModelCatalogue(options.Models with { EightBit = false }).Default();
                PeerModel.Write(card.Path, request.Film);
                return new TrialAnswer { Model = card.Name };
            case TrialKind.Bare:
                return BareTrial.Run(options, request);
            case TrialKind.Steps:
                return await StepsTrial.RunAsync(options, request);
            case TrialKind.Preprocess:
                return new TrialAnswer { Preprocess = PreprocessTrial.Run(request) };
            default:
                return await NodeTrial.RunAsync(options, request, mark);
        }
    }
}
