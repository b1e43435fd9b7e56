using System.Text.Json.Serialization;

namespace FaceLandmark.Benchmarks;

/// <summary>How the report, and what the two processes say to each other, become JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(TrialRequest))]
[JsonSerializable(typeof(TrialAnswer))]
[JsonSerializable(typeof(PeerFigures))]
internal sealed partial class BenchJson : JsonSerializerContext;
