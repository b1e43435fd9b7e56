using System.Numerics;
using FaceLandmark.Locate;

namespace FaceLandmark.Tests.Locate;

public sealed class HitMergerTests
{
    [Fact]
    public void Hits_on_one_face_become_their_mean_by_score()
    {
        List<BlazeFaceHit> hits = [Hit(0.6f, 104, 100), Hit(0.9f, 100, 100), Hit(0.7f, 300, 100), Hit(0.3f, 100, 108)];

        HitMerger.Merge(hits, 0.3f);

        Assert.Equal(2, hits.Count);
        Assert.Equal(0.9f, hits[0].Score);
        Assert.Equal(((0.9f * 100) + (0.6f * 104) + (0.3f * 100)) / 1.8f, hits[0].Centre.X, 0.001f);
        Assert.Equal(((0.9f * 100) + (0.6f * 100) + (0.3f * 108)) / 1.8f, hits[0].Centre.Y, 0.001f);
        Assert.Equal(Hit(0.7f, 300, 100), hits[1]);
    }

    // Squares of side 100 that lie d apart overlap by (100 - d) / (100 + d).
    [Theory]
    [InlineData(50, 0.34f, 2)]
    [InlineData(50, 0.33f, 1)]
    [InlineData(99, 0.0f, 1)]
    [InlineData(100, 0.0f, 2)]
    [InlineData(0, 1.0f, 2)]
    public void Overlap_decides_what_is_one_face(float apart, float maxOverlap, int faces)
    {
        List<BlazeFaceHit> hits = [Hit(0.9f, 100, 100), Hit(0.8f, 100 + apart, 100)];

        HitMerger.Merge(hits, maxOverlap);

        Assert.Equal(faces, hits.Count);
    }

    [Fact]
    public void A_chain_of_hits_is_cut_at_the_best_ones()
    {
        List<BlazeFaceHit> hits = [Hit(0.7f, 100, 100), Hit(0.9f, 140, 100), Hit(0.8f, 180, 100)];

        HitMerger.Merge(hits, 0.3f);

        Assert.Equal(0.9f, Assert.Single(hits).Score);
    }

    [Fact]
    public void Nothing_stays_nothing()
    {
        List<BlazeFaceHit> hits = [];

        HitMerger.Merge(hits, 0.3f);

        Assert.Empty(hits);
    }

    private static BlazeFaceHit Hit(float score, float x, float y) => new(score, new Vector2(x, y), new Vector2(100, 100));
}
