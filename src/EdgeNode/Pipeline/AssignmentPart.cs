namespace FaceLandmark.Pipeline;

/// <summary>What is to become of a work item that an engine has.</summary>
internal enum AssignmentPart
{
    /// <summary>Its result is the frame's, whatever it is.</summary>
    Final,

    /// <summary>Its result is the frame's, and if there is none the next engine gets it.</summary>
    Replaceable,

    /// <summary>Its result and its partner's are compared.</summary>
    Pair,

    /// <summary>It only shows whether the engine is well again.</summary>
    Probe,
}
