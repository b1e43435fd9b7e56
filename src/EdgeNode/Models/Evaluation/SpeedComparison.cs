using System.Diagnostics;
using FaceLandmark.Inference;
using FaceLandmark.ModelCards;
using FaceLandmark.Pipeline;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Models.Evaluation;

/// <summary>Times of one inference of two models, taken in turns so that what else the machine does meets both.</summary>
internal static class SpeedComparison
{
    private const int Rounds = 41;

    /// <summary>Medians in milliseconds.</summary>
    public static (double First, double Second) Run(ModelCard first, ModelCard second, EnginesOptions engines)
    {
        using var one = EngineFactory.Open(first, engines);
        using var two = EngineFactory.Open(second, engines);
        using var tensorOne = new FaceTensor(first.InputSize, first.Landmarks);
        using var tensorTwo = new FaceTensor(second.InputSize, second.Landmarks);
        var (timesOne, timesTwo) = (new double[Rounds], new double[Rounds]);
        for (var i = -3; i < Rounds; i++)
        {
            var (a, b) = (Time(one, tensorOne), Time(two, tensorTwo));
            if (i >= 0)
                (timesOne[i], timesTwo[i]) = (a, b);
        }

        Array.Sort(timesOne);
        Array.Sort(timesTwo);
        return (timesOne[Rounds / 2], timesTwo[Rounds / 2]);
    }

    private static double Time(ILandmarkEngine engine, FaceTensor tensor)
    {
        var began = Stopwatch.GetTimestamp();
        engine.Run(tensor);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
