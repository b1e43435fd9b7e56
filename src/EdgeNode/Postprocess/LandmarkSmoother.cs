using FaceLandmark.Faces;

namespace FaceLandmark.Postprocess;

/// <summary>
/// Takes camera noise out of the points of followed faces: the one-euro filter (Casiez, Roussel, Vogel 2012), a low-pass that opens with
/// speed, in the frame of the face. How the face as a whole shifts, turns and grows is one motion of all its points, known with little
/// noise, and is followed almost at once; what is left, the change of its shape, is filtered point by point. One instance a camera;
/// frames in order; used by one thread at a time.
/// </summary>
/// <param name="maxFaces">The most faces of one frame.</param>
/// <param name="landmarks">Points of a face.</param>
internal sealed class LandmarkSmoother(int maxFaces, int landmarks)
{
    // Cut-off frequencies in hertz, and what a speed of one side of the face's box a second adds to them. A point's own speed counts
    // squared: a lid that closes is ten times as fast as noise. Chosen on films made of photographs: docs/decisions/0111.
    private const float MotionAtRest = 1;
    private const float MotionPerFaceSpeed = 200;
    private const float ShapeAtRest = 0.5f;
    private const float ShapePerFaceSpeed = 10;
    private const float ShapePerPointSpeedSquared = 15;
    private const float SpeedCutOff = 5;

    /// <summary>After a longer gap a face starts afresh.</summary>
    private const float LongestGapSeconds = 0.5f;

    private readonly State[] _states = [.. Enumerable.Range(0, maxFaces).Select(_ => new State(2 * landmarks))];

    /// <summary>
    /// Smooths the points of all present faces in place and renews their boxes. A face that is absent for less than half a second goes on
    /// where it was; one with a new number starts afresh.
    /// </summary>
    /// <param name="faces">All faces of a frame.</param>
    /// <param name="seconds">When it was captured, on any clock that runs on.</param>
    public void Smooth(ReadOnlySpan<Face> faces, double seconds)
    {
        foreach (var face in faces)
        {
            if (!face.IsPresent || face.Points.Length != 2 * landmarks || Find(faces, face.Candidate.Id) is not { } state)
                continue;
            var elapsed = (float)(seconds - state.Seconds);
            if (state.Id != face.Candidate.Id || elapsed is not (> 0 and < LongestGapSeconds) || !Filter(state, face, elapsed))
                state.Start(face);
            state.Seconds = seconds;
            state.Points.CopyTo(face.Points);
            face.Box = Box.Of(face.Points);
        }
    }

    private static bool IsPresent(ReadOnlySpan<Face> faces, int id)
    {
        foreach (var face in faces)
        {
            if (face.IsPresent && face.Candidate.Id == id)
                return true;
        }

        return false;
    }

    /// <summary>The face's own state, else that of the face which has been away longest.</summary>
    private State? Find(ReadOnlySpan<Face> faces, int id)
    {
        State? oldest = null;
        foreach (var state in _states)
        {
            if (state.Id == id)
                return state;
            if ((oldest is null || state.Seconds < oldest.Seconds) && !IsPresent(faces, state.Id))
                oldest = state;
        }

        return oldest;
    }

    /// <summary>False when the points coincide, so that the face has no frame.</summary>
    private static bool Filter(State state, Face face, float elapsed)
    {
        Span<float> points = face.Points;
        var side = Math.Max(face.Box.Width, face.Box.Height);
        if (!Similarity.Between(state.Raw, points, out var motion) || !Similarity.Between(state.Points, points, out var lay))
            return false;

        // Speeds by the motion of the whole and by what it leaves, in sides a second.
        var gain = Gain(SpeedCutOff, elapsed);
        var square = 0f;
        for (var i = 0; i < points.Length; i += 2)
        {
            var (x, y) = motion.Map(state.Raw[i], state.Raw[i + 1]);
            Follow(ref state.Motion[i], (x - state.Raw[i]) / (elapsed * side), gain);
            Follow(ref state.Motion[i + 1], (y - state.Raw[i + 1]) / (elapsed * side), gain);
            Follow(ref state.Shape[i], (points[i] - x) / (elapsed * side), gain);
            Follow(ref state.Shape[i + 1], (points[i + 1] - y) / (elapsed * side), gain);
            square += (state.Motion[i] * state.Motion[i]) + (state.Motion[i + 1] * state.Motion[i + 1]);
        }

        var speed = MathF.Sqrt(2 * square / points.Length);
        var whole = Gain(MotionAtRest + (MotionPerFaceSpeed * speed), elapsed);
        for (var i = 0; i < points.Length; i += 2)
        {
            // The smoothed face laid over the new one by shift, turn and scale; then each point on its own way.
            var (x, y) = lay.Map(state.Points[i], state.Points[i + 1]);
            var own = (state.Shape[i] * state.Shape[i]) + (state.Shape[i + 1] * state.Shape[i + 1]);
            var share = Gain(ShapeAtRest + (ShapePerFaceSpeed * speed) + (ShapePerPointSpeedSquared * own), elapsed);
            state.Points[i] += (whole * (x - state.Points[i])) + (share * (points[i] - x));
            state.Points[i + 1] += (whole * (y - state.Points[i + 1])) + (share * (points[i + 1] - y));
        }

        points.CopyTo(state.Raw);
        return true;
    }

    private static void Follow(ref float value, float newest, float gain) => value += gain * (newest - value);

    /// <summary>Share of the new value in a first-order low-pass.</summary>
    private static float Gain(float cutOff, float elapsed) => 1 / (1 + (1 / (2 * MathF.PI * cutOff * elapsed)));

    private sealed class State(int values)
    {
        public int Id { get; private set; }

        public double Seconds { get; set; } = double.MinValue;

        public float[] Raw { get; } = new float[values];

        public float[] Points { get; } = new float[values];

        public float[] Motion { get; } = new float[values];

        public float[] Shape { get; } = new float[values];

        public void Start(Face face)
        {
            Id = face.Candidate.Id;
            face.Points.CopyTo(Raw, 0);
            face.Points.CopyTo(Points, 0);
            Array.Clear(Motion);
            Array.Clear(Shape);
        }
    }
}
