using System.Diagnostics;
using FaceLandmark.Configuration;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Benchmarks;

/// <summary>The bare engine: one inference after the other, on a tensor that stays.</summary>
internal static class BareTrial
{
    private const int WarmCalls = 3;

    /// <summary>Measures it.</summary>
    public static TrialAnswer Run(EdgeNodeOptions options, TrialRequest request)
    {
        var settled = NodeTrial.Network(options, request);
        var card = new ModelCatalogue(settled.Models).Default();
        // The same threads as a node with one camera takes.
        var engines = new ThreadTuning(new ThreadStore(StateFolder.Path())).Apply(card, settled.Engines, 1, NullLogger.Instance);
        using var engine = EngineFactory.Open(card, engines);
        using var tensor = new FaceTensor(card.InputSize, card.Landmarks);
        for (var call = 0; call < WarmCalls; call++)
            engine.Run(tensor);
        var before = ProcessCost.Now();
        var began = Stopwatch.GetTimestamp();
        for (var call = 0; call < request.Calls; call++)
            engine.Run(tensor);
        var ended = Stopwatch.GetTimestamp();
        return new TrialAnswer
        {
            BeganNs = NodeTrial.Nanoseconds(began),
            EndedNs = NodeTrial.Nanoseconds(ended),
            Count = request.Calls,
            Cost = ProcessCost.Now() - before,
            Engine = engine.Info.Runtime,
            Model = card.Name,
        };
    }
}
