using System.Text.Json.Serialization;

namespace FaceLandmark.Models.Evaluation;

/// <summary>
/// How <see cref="EvaluationReport"/> becomes JSON. A model that gives no numbers has an error that is none: <c>"NaN"</c>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
)]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
