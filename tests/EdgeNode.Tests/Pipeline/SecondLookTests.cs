using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Postprocess;
using FaceLandmark.Preprocess;
using FaceLandmark.Tests.Locate;
using FaceLandmark.Tests.Postprocess;

namespace FaceLandmark.Tests.Pipeline;

/// <summary>The network's first points place another region where the detector had placed it, and its second ones count.</summary>
public sealed class SecondLookTests : IDisposable
{
    private static readonly Region s_detected = new(120, 80, 320, 320);

    private readonly FramePool _pool = new();
    private readonly SeenFace _face = new(Shape.Mean(80, degrees: 0, x: 300, y: 200));

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void The_first_points_place_the_region_of_a_second_look()
    {
        Analyze(isFirstLook: true, s_detected);

        Assert.Equal([s_detected, Region.Around(Box.Of(_face.Points))], _face.Regions);
    }

    [Fact]
    public void A_region_that_landmarks_placed_is_looked_at_once()
    {
        Analyze(isFirstLook: false, s_detected);

        Assert.Equal([s_detected], _face.Regions);
    }

    [Fact]
    public async Task Frames_of_an_engine_that_infers_several_at_once_are_looked_at_again_too()
    {
        using var lane = new InferenceLane(_face, _face, TimeProvider.System);
        using var frame = _pool.Rent(640, 480, PixelLayout.Bgr);
        var work = new FrameWork(1, 98) { Frame = frame, FaceCount = 1 };
        work.Faces[0].Candidate = new FaceCandidate(1, s_detected, IsFirstLook: true);

        lane.Prepare(work);
        await lane.InferAsync(work);

        Assert.Equal([s_detected, Region.Around(Box.Of(_face.Points))], _face.Regions);
        Assert.Equal(_face.Regions[1], work.Faces[0].Region);
        InferenceLane.Return(work);
    }

    [Fact]
    public void The_second_region_turns_with_the_head()
    {
        Shape.Mean(80, degrees: 40, x: 300, y: 200).CopyTo(_face.Points, 0);

        Analyze(isFirstLook: true, s_detected);

        Assert.Equal(40, _face.Regions[1].Degrees);
    }

    [Fact]
    public void What_is_no_number_at_the_first_look_is_the_frames_fault()
    {
        _face.Points[7] = float.NaN;

        var fault = Assert.Throws<EngineException>(() => Analyze(isFirstLook: true, s_detected));

        Assert.Contains("gave NaN or infinity", fault.Message, StringComparison.Ordinal);
        Assert.Single(_face.Regions);
    }

    [Theory]
    [InlineData(30, -20, 1.2f)]
    [InlineData(-40, 20, 1.3f)]
    [InlineData(10, 40, 0.85f)]
    public void Points_from_a_misplaced_region_come_near_those_from_the_right_one(int right, int down, float scale)
    {
        var card = new ModelCatalogue(new ModelsOptions()).Default();
        using var lane = EngineFactory.OpenLane(card, new EnginesOptions(), TimeProvider.System);
        var box = new Box(419, 425, 188, 170); // of the first face's landmarks
        var misplaced = Region.Around(box.X + (box.Width / 2) + right, box.Y + (box.Height / 2) + down, scale * box.Width, 0);

        var truth = Points(lane, Region.Around(box), isFirstLook: false);
        var once = FaceAgreement.Between(truth, Points(lane, misplaced, isFirstLook: false)).MeanPx;
        var twice = FaceAgreement.Between(truth, Points(lane, misplaced, isFirstLook: true)).MeanPx;

        TestContext.Current.TestOutputHelper?.WriteLine($"{once:f2} px, {twice:f2} px");
        Assert.InRange(twice, 0, 0.6 * once);
    }

    private void Analyze(bool isFirstLook, Region region)
    {
        using var lane = new InferenceLane(_face, _face, TimeProvider.System);
        Analyze(lane, _pool.Rent(640, 480, PixelLayout.Bgr), region, isFirstLook, _ => { });
    }

    private float[] Points(InferenceLane lane, Region region, bool isFirstLook)
    {
        float[] points = [];
        var frame = PictureFile.Decode(Photograph.PathOf(1), _pool, new PicturesOptions());
        Analyze(lane, frame, region, isFirstLook, face => points = [.. face.Points]);
        return points;
    }

    private static void Analyze(InferenceLane lane, Frame frame, Region region, bool isFirstLook, Action<Face> use)
    {
        using var locator = new FixedLocator { Region = region, IsFirstLook = isFirstLook };
        new StillAnalyzer(locator, lane, new PostprocessOptions(), 1, TimeProvider.System).Analyze(frame, work => use(work.Faces[0]));
    }

    /// <summary>A network that finds its face in every region that it is shown.</summary>
    private sealed class SeenFace(float[] points) : ILandmarkEngine, IPreprocessor
    {
        public float[] Points { get; } = points;

        public List<Region> Regions { get; } = [];

        public EngineInfo Info { get; } = new StubEngine("onnx", 0).Info;

        public int AtOnce => 2;

        public void Prepare(Frame frame, Region region, FaceTensor tensor) => Regions.Add(region);

        public void Run(FaceTensor tensor)
        {
            var region = Regions[^1] with { Degrees = 0 };
            for (var i = 0; i < Points.Length; i += 2)
            {
                tensor.Output[i] = (Points[i] - region.X) / region.Width;
                tensor.Output[i + 1] = (Points[i + 1] - region.Y) / region.Height;
            }
        }

        public void Dispose() { }
    }
}
