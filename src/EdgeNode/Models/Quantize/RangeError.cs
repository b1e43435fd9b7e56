namespace FaceLandmark.Models.Quantize;

/// <summary>What a tensor's range keeps small.</summary>
internal enum RangeError
{
    /// <summary>The squares of the errors: rare large values count much, and the range is wide.</summary>
    Squared,

    /// <summary>The errors themselves: rare large values are cut off sooner, and the steps are finer.</summary>
    Absolute,
}
