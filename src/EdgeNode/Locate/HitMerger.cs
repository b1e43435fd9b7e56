namespace FaceLandmark.Locate;

/// <summary>
/// Non-maximum suppression. Hits on the same face are averaged by their scores instead of thrown away, as BlazeFace's paper proposes: it
/// steadies the box.
/// </summary>
internal static class HitMerger
{
    /// <summary>
    /// Merges hits that overlap a better one by more than <paramref name="maxOverlap"/> (intersection over union); best first, in place.
    /// </summary>
    public static void Merge(List<BlazeFaceHit> hits, float maxOverlap)
    {
        hits.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        var kept = 0;
        while (kept < hits.Count)
        {
            var best = hits[kept];
            var (blend, weight) = (best, best.Score);
            var left = kept + 1;
            for (var i = kept + 1; i < hits.Count; i++)
            {
                var hit = hits[i];
                if (best.Box.Overlap(hit.Box) > maxOverlap)
                {
                    weight += hit.Score;
                    blend = blend.Blended(hit, hit.Score / weight);
                }
                else
                {
                    hits[left++] = hit;
                }
            }

            hits[kept++] = blend;
            hits.RemoveRange(left, hits.Count - left);
        }
    }
}
