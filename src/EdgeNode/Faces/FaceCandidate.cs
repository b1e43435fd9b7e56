namespace FaceLandmark.Faces;

/// <summary>A region in which a face is expected.</summary>
/// <param name="Id">Number of the face, stable while it is followed, never used again within a session.</param>
/// <param name="Region">Where.</param>
/// <param name="IsFirstLook">True where only the detector has placed the region: the network's points place another one, and the network
/// looks a second time.</param>
internal readonly record struct FaceCandidate(int Id, Region Region, bool IsFirstLook = false);
