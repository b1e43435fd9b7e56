namespace FaceLandmark.Mqtt;

/// <summary>What was found out about a broker that ends connections without a word.</summary>
internal enum LearnedLimit
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>It takes no retained messages.</summary>
    Retain,

    /// <summary>It takes nothing on a topic.</summary>
    Topic,

    /// <summary>It takes no packets from a size on.</summary>
    Size,
}
