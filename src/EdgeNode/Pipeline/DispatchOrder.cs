namespace FaceLandmark.Pipeline;

/// <summary>In which order results leave where two engines work.</summary>
internal enum DispatchOrder
{
    /// <summary>As the frames came; a result waits for an earlier one at most <see cref="DispatchOptions.OrderWindow"/>.</summary>
    Ordered,

    /// <summary>As they are ready.</summary>
    Completion,
}
