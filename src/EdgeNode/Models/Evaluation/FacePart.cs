namespace FaceLandmark.Models.Evaluation;

/// <summary>Parts of the face by which errors are reported.</summary>
internal enum FacePart
{
    /// <summary>From ear to ear along the chin: points 0 to 32 of 98.</summary>
    Contour,

    /// <summary>Points 33 to 50.</summary>
    Brows,

    /// <summary>Points 51 to 59.</summary>
    Nose,

    /// <summary>Lids, corners and pupils: points 60 to 75, 96 and 97.</summary>
    Eyes,

    /// <summary>Outer and inner lips: points 76 to 95.</summary>
    Mouth,
}
