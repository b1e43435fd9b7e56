using FaceLandmark.Faces;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Tests.Postprocess;

public sealed class LandmarkSmootherTests
{
    private const int Frames = 300;
    private const int Settled = 60;

    [Theory]
    [InlineData(0.3f)]
    [InlineData(0.5f)]
    public void A_still_face_with_camera_noise_jitters_by_at_most_015_pixels(float noise)
    {
        var (_, square) = Run(noise, 0);

        Assert.InRange(Math.Sqrt(square), 0, 0.15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(20)]
    public void A_moving_face_is_at_most_a_frame_late(float pixelsPerFrame)
    {
        var (behind, _) = Run(0.5f, pixelsPerFrame);

        Assert.InRange(behind / pixelsPerFrame, -0.1, 1);
    }

    [Fact]
    public void A_blink_is_not_smoothed_away()
    {
        var smoother = new LandmarkSmoother(2, 98);
        var mean = Shape.Mean();
        var closed = Shape.Changed(mean, (i, x, y) => i is >= 61 and <= 63 ? (x, mean[121]) : (x, y));
        var lowest = float.MinValue;
        for (var frame = 0; frame < 60; frame++)
        {
            var face = Shape.Face(frame is >= 30 and < 35 ? closed : mean);
            smoother.Smooth([face], frame / 30.0);
            lowest = Math.Max(lowest, face.Points[125] - mean[121]);
        }

        // The upper lid's middle comes at least half of the way down to the corners' height.
        Assert.InRange(lowest / (mean[125] - mean[121]), -0.1f, 0.5f);
    }

    [Fact]
    public void A_frame_without_the_face_changes_nothing()
    {
        var (with, without) = (new LandmarkSmoother(2, 98), new LandmarkSmoother(2, 98));
        var absent = Shape.Face(Shape.Mean(x: 0));
        absent.IsPresent = false;
        foreach (var smoother in new[] { with, without })
            smoother.Smooth([Shape.Face(Shape.Mean(x: 100))], 0);
        with.Smooth([absent], 0.03);
        without.Smooth([], 0.03);
        var (one, other) = (Shape.Face(Shape.Mean(x: 101)), Shape.Face(Shape.Mean(x: 101)));

        with.Smooth([one], 0.06);
        without.Smooth([other], 0.06);

        Assert.Equal(Shape.Mean(x: 0), absent.Points);
        Assert.Equal(one.Points, other.Points);
        Assert.InRange(one.Points[0] - Shape.Mean(x: 100)[0], 0.5f, 0.999f); // between the two: it goes on
    }

    [Fact]
    public void A_new_number_starts_afresh()
    {
        var smoother = new LandmarkSmoother(1, 98);
        var after = Shape.Face(Shape.Mean(x: 110), 2);
        smoother.Smooth([Shape.Face(Shape.Mean(x: 100), 1)], 0);

        smoother.Smooth([after], 0.03);

        Assert.Equal(Shape.Mean(x: 110), after.Points);
    }

    [Fact]
    public void Of_more_faces_than_there_is_room_for_those_that_are_there_keep_theirs()
    {
        var smoother = new LandmarkSmoother(2, 98);
        for (var frame = 0; frame < 30; frame++)
        {
            // Face 1 stays and moves; a new one comes every third frame.
            var stays = Shape.Face(Shape.Mean(x: 100 + (0.1f * frame)), 1);
            var comes = Shape.Face(Shape.Mean(x: 400), 2 + (frame / 3));
            smoother.Smooth(frame % 2 == 0 ? [comes, stays] : [stays, comes], frame / 30.0);

            Assert.Equal(Shape.Mean(x: 400), comes.Points);
            if (frame > 0)
                Assert.InRange(Shape.Mean(x: 100 + (0.1f * frame))[0] - stays.Points[0], 0.001f, 0.2f);
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5, 0, 0)]
    [InlineData(0, 2, 0)]
    [InlineData(0, 0, 0.01f)]
    [InlineData(3, 1, -0.005f)]
    public void However_a_face_moves_its_points_are_nearer_the_truth_than_they_were(float pixels, float degrees, float growth)
    {
        const float Noise = 0.5f;
        var random = new Random(5);
        var smoother = new LandmarkSmoother(1, 98);
        var square = 0.0;
        for (var frame = 0; frame < Frames; frame++)
        {
            // There and back again in two seconds.
            var way = MathF.Abs((frame % 60) - 30f);
            var truth = Shape.Mean(85 * (1 + (way * growth)), way * degrees, 100 + (way * pixels));
            var face = Shape.Face(
                Shape.Changed(truth, (_, x, y) => (x + (Noise * Shape.Noise(random)), y + (Noise * Shape.Noise(random))))
            );

            smoother.Smooth([face], frame / 30.0);

            for (var i = 0; i < truth.Length && frame >= Settled; i++)
                square += (truth[i] - face.Points[i]) * (truth[i] - face.Points[i]) / (truth.Length * (Frames - Settled));
        }

        Assert.InRange(Math.Sqrt(square), 0, 0.99 * Noise);
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    public void After_a_gap_or_a_step_back_in_time_points_start_afresh(double seconds)
    {
        var smoother = new LandmarkSmoother(1, 98);
        var face = Shape.Face(Shape.Mean(x: 110));
        smoother.Smooth([Shape.Face(Shape.Mean(x: 100))], 0);

        smoother.Smooth([face], seconds);

        Assert.Equal(Shape.Mean(x: 110), face.Points);
    }

    [Fact]
    public void Faces_do_not_mix_and_absent_ones_are_left_alone()
    {
        var smoother = new LandmarkSmoother(3, 98);
        for (var frame = 0; frame < 20; frame++)
        {
            var (one, two, absent) = (
                Shape.Face(Shape.Mean(x: 100), 7),
                Shape.Face(Shape.Mean(x: 400), 9),
                Shape.Face(Shape.Mean(x: frame), 11)
            );
            absent.IsPresent = false;

            smoother.Smooth(frame % 2 == 0 ? [one, two, absent] : [two, absent, one], frame / 30.0);

            Assert.Equal(Shape.Mean(x: 100), one.Points);
            Assert.Equal(Shape.Mean(x: 400), two.Points);
            Assert.Equal(Shape.Mean(x: frame), absent.Points);
        }
    }

    [Fact]
    public void Room_is_reused_for_new_faces_for_ever()
    {
        var smoother = new LandmarkSmoother(1, 98);
        for (var id = 1; id < 100; id++)
        {
            var (first, second) = (Shape.Face(Shape.Mean(x: 100), id), Shape.Face(Shape.Mean(x: 101), id));
            smoother.Smooth([first], id);
            smoother.Smooth([second], id + 0.03);

            Assert.InRange(second.Points[0] - first.Points[0], 0.05f, 0.99f);
            Assert.Equal(Box.Of(second.Points), second.Box);
        }
    }

    [Fact]
    public void Smoothing_allocates_nothing()
    {
        var smoother = new LandmarkSmoother(2, 98);
        Face[] faces = [Shape.Face(Shape.Mean(x: 100), 1), Shape.Face(Shape.Mean(x: 300), 2)];
        smoother.Smooth(faces, 0);
        smoother.Smooth(faces, 0.03);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var frame = 2; frame < 100; frame++)
            smoother.Smooth(faces, frame * 0.03);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>
    /// A face of about 140 pixels moving to the right: mean distance behind and mean square error a coordinate, in pixels.
    /// </summary>
    private static (double Behind, double Square) Run(float noise, float pixelsPerFrame)
    {
        var random = new Random(3);
        var smoother = new LandmarkSmoother(1, 98);
        double behind = 0,
            square = 0;
        for (var frame = 0; frame < Frames; frame++)
        {
            var truth = Shape.Mean(85, 0, 100 + (frame * pixelsPerFrame));
            var face = Shape.Face(
                Shape.Changed(truth, (_, x, y) => (x + (noise * Shape.Noise(random)), y + (noise * Shape.Noise(random))))
            );
            smoother.Smooth([face], frame / 30.0);
            for (var i = 0; i < truth.Length && frame >= Settled; i++)
            {
                behind += i % 2 == 0 ? truth[i] - face.Points[i] : 0;
                square += (truth[i] - face.Points[i]) * (truth[i] - face.Points[i]);
            }
        }

        const double Values = 196.0 * (Frames - Settled);
        return (2 * behind / Values, square / Values);
    }
}
