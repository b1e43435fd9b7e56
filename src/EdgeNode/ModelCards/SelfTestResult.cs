namespace FaceLandmark.ModelCards;

/// <summary>What a self-test found that did not fail.</summary>
/// <param name="Difference">Greatest difference from the points of the card, a fraction of the picture; null where the card has
/// none.</param>
/// <param name="ShapeScore">How much the points on the drawn face look like a face, 0 to 1: near 0 means a network that is not
/// trained.</param>
internal sealed record SelfTestResult(float? Difference, float ShapeScore);
