namespace FaceLandmark.Mqtt;

/// <summary>Form of the landmarks messages.</summary>
internal enum LandmarksFormat
{
    /// <summary>JSON, <c>application/json</c>.</summary>
    Json,

    /// <summary>CBOR (RFC 8949), <c>application/cbor</c>: about half the bytes.</summary>
    Cbor,
}
