using FaceLandmark.Postprocess;

namespace FaceLandmark.Tests.Postprocess;

public sealed class FaceAgreementTests
{
    [Fact]
    public void Distances_are_of_points_and_in_percent_of_the_outer_eye_corners()
    {
        var first = new float[196];
        (first[120], first[121], first[144], first[145]) = (100, 50, 180, 110); // points 60 and 72: 100 apart
        var second = (float[])first.Clone();
        (second[0], second[1]) = (3, 4);
        (second[10], second[11]) = (0, 1);
        var agreement = FaceAgreement.Between(first, second);
        Assert.Equal(100, agreement.InterOcular, 1e-9);
        Assert.Equal(5, agreement.MaxPx, 1e-9);
        Assert.Equal(6.0 / 98, agreement.MeanPx, 1e-9);
        Assert.Equal(5, agreement.MaxPercent, 1e-9);
        Assert.Equal(6.0 / 98, agreement.MeanPercent, 1e-9);
    }

    [Fact]
    public void Other_landmarks_have_no_eye_corners_to_compare_with()
    {
        var agreement = FaceAgreement.Between(new float[136], new float[136]);
        Assert.Equal(0, agreement.MeanPx);
        Assert.True(double.IsNaN(agreement.MeanPercent));
    }
}
