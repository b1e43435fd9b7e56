namespace FaceLandmark.Inference.DrpAi;

/// <summary>The statuses of <c>facelandmark_native.h</c>.</summary>
internal enum DrpAiStatus
{
    Ok = 0,
    Invalid = 1,
    NotBuilt = 2,
    NoDriver = 3,
    Busy = 4,
    NoMemory = 5,
    BadObject = 6,
    Failed = 7,
    Hung = 8,
}
