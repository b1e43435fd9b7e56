using System.Text.Json.Serialization;

namespace FaceLandmark.Web;

/// <summary>How the answers to the live page become JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LivePage.NodeAnswer))]
[JsonSerializable(typeof(LivePage.BrokerAnswer))]
internal sealed partial class WebJson : JsonSerializerContext;
