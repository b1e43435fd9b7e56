namespace FaceLandmark.Capture;

/// <summary>How the bytes of a frame are laid out.</summary>
internal enum PixelLayout
{
    /// <summary>
    /// 4:2:2, two bytes a pixel, in the order Y0 U Y1 V (BT.601, limited range): what USB cameras send raw; other raw pictures of
    /// cameras are made this, too.
    /// </summary>
    Yuy2,

    /// <summary>Three bytes a pixel in the order blue, green, red: what OpenCV decodes to.</summary>
    Bgr,
}
