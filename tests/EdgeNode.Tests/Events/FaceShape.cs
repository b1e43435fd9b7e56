using FaceLandmark.Faces;

namespace FaceLandmark.Tests.Events;

/// <summary>98 points that look like a face, in the order of WFLW.</summary>
internal static class FaceShape
{
    public static void Fill(Face face, float x, float y, float radius, int id = 7)
    {
        void Put(int index, double dx, double dy) =>
            (face.Points[2 * index], face.Points[(2 * index) + 1]) = ((float)(x + (radius * dx)), (float)(y + (radius * dy)));
        void Arc(int first, int count, double cx, double cy, double rx, double ry, double from, double to)
        {
            for (var i = 0; i < count; i++)
            {
                var angle = double.Lerp(from, to, (double)i / (count - 1)) * Math.PI / 180;
                Put(first + i, cx + (rx * Math.Cos(angle)), cy + (ry * Math.Sin(angle)));
            }
        }

        Arc(0, 33, 0, -0.15, 0.8, 1.1, 180, 0);
        Arc(33, 5, -0.42, -0.42, 0.28, 0.14, 190, 350);
        Arc(38, 4, -0.40, -0.40, 0.24, 0.06, 350, 200);
        Arc(42, 5, 0.42, -0.42, 0.28, 0.14, 190, 350);
        Arc(47, 4, 0.40, -0.40, 0.24, 0.06, 350, 200);
        for (var i = 0; i < 4; i++)
            Put(51 + i, 0, -0.25 + (0.12 * i));
        Arc(55, 5, 0, 0.2, 0.18, 0.08, 170, 10);
        Arc(60, 8, -0.38, -0.22, 0.17, 0.08, 180, 495);
        Arc(68, 8, 0.38, -0.22, 0.17, 0.08, 180, 495);
        Arc(76, 12, 0, 0.5, 0.32, 0.16, 180, 510);
        Arc(88, 8, 0, 0.5, 0.22, 0.07, 180, 495);
        Put(96, -0.38, -0.22);
        Put(97, 0.38, -0.22);

        face.Candidate = new FaceCandidate(id, new Region((int)(x - radius), (int)(y - radius), (int)(2 * radius), (int)(2 * radius)));
        face.Score = 0.98766f;
        face.IsPresent = true;
        face.Box = Box.Of(face.Points);
        face.Pose = new HeadPose(-12.346f, 3.5f, 0.1f);
        (face.LeftEye, face.RightEye, face.Mouth) = (0.81234f, 0.75f, 0.1f);
    }
}
