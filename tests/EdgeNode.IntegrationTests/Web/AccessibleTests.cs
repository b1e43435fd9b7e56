using System.Globalization;
using System.Text.RegularExpressions;
using FaceLandmark.Tests.Browser;
using Microsoft.Playwright;

namespace FaceLandmark.Tests.Web;

/// <summary>Whether people without mouse, without sight or with tired eyes can use the page.</summary>
[Collection(Alone.Name)]
public sealed partial class AccessibleTests(ChromiumBrowser browser, LivePageTests.AloneNode node) : IClassFixture<LivePageTests.AloneNode>
{
    // Texts with less contrast than 4.5 to what lies behind them (WCAG 2.2, 1.4.3; what is disabled is exempt).
    private const string FaintTexts = """
        () => {
            const numbers = colour => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
            const over = ([r, g, b, a], [r2, g2, b2]) => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1];
            const linear = c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
            const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
            const behind = element => {
                if (!element) return [255, 255, 255, 1];
                const colour = numbers(getComputedStyle(element).backgroundColor);
                return colour[3] === 1 ? colour : over(colour, behind(element.parentElement));
            };
            const faint = [];
            let looked = 0;
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let text; (text = walker.nextNode()); ) {
                const element = text.parentElement;
                if (!text.data.trim() || !element.checkVisibility()) continue;
                if (element.closest('.veil, .skip, .unseen, noscript, option, legend')) continue;
                if (element.closest('label')?.control?.disabled || element.closest(':disabled')) continue;
                const ground = behind(element);
                const shades = [light(over(numbers(getComputedStyle(element).color), ground)), light(ground)].sort((a, b) => b - a);
                const contrast = (shades[0] + .05) / (shades[1] + .05);
                looked++;
                if (contrast < 4.5) faint.push(`${text.data.trim()}: ${contrast.toFixed(2)}`);
            }
            return [String(looked), ...faint];
        }
        """;

    // Whatever can be used: a group of radio buttons is one stop.
    private const string Stops = """
        () => {
            const radios = new Set();
            return [...document.querySelectorAll('a[href], button, input, select, [tabindex="0"]')]
                .filter(element => !element.disabled && element.checkVisibility())
                .filter(element => element.type !== 'radio' || (element.checked && !radios.has(element.name) && radios.add(element.name)))
                .length;
        }
        """;

    [Fact]
    public async Task Every_control_has_a_role_and_a_name()
    {
        await using var page = await node.OpenAliveAsync(browser);
        var tree = await page.Page.Locator("body").AriaSnapshotAsync();
        var controls = Control().Matches(tree);
        Assert.True(controls.Count >= 14, tree);
        Assert.All(controls, control => Assert.True(control.Groups["name"].Length > 0, control.Value));
        foreach (
            var expected in new[]
            {
                "radio \"Compare\"",
                "combobox \"Model\"",
                "switch \"Pictures\"",
                "slider \"Pictures a second\"",
                "button \"Stop cam0\"",
                "img \"Picture of cam0: ",
                "status: Online",
                "table:",
                "list \"Events\"",
            }
        )
            Assert.Contains(expected, tree, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_control_is_reached_by_the_keyboard_and_shows_it()
    {
        await using var page = await node.OpenAliveAsync(browser);
        var stops = await page.Page.EvaluateAsync<int>(Stops);
        Assert.True(stops >= 11, $"{stops}");
        var seen = new HashSet<string>();
        for (var i = 0; i < stops; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            var at = await page.Page.EvaluateAsync<string[]>(
                """
                () => {
                    const at = document.activeElement;
                    const shown = at.type === 'radio' ? at.nextElementSibling : at;
                    return [[...document.querySelectorAll('*')].indexOf(at) + at.tagName, getComputedStyle(shown).outlineStyle];
                }
                """
            );
            seen.Add(at[0]);
            Assert.Equal("solid", at[1]);
        }

        Assert.Equal(stops, seen.Count);
        await page.Page.Locator("#mode-cpu").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.ReadsAsync("#answer", "Engines: DRP-AI.");
        await page.Page.Locator("#mode-drpai").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.ReadsAsync("#answer", "Engines: CPU.");
    }

    [Theory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task Texts_stand_out(ColorScheme scheme)
    {
        await using var page = await node.OpenAliveAsync(browser, scheme: scheme);
        var texts = await page.Page.EvaluateAsync<string[]>(FaintTexts);
        Assert.True(int.Parse(texts[0], CultureInfo.InvariantCulture) > 60, texts[0]);
        Assert.Empty(texts[1..]);
    }

    [GeneratedRegex("- (?<role>button|radio|combobox|switch|slider|textbox|link|img|checkbox)(?: \"(?<name>[^\"]*)\")?")]
    private static partial Regex Control();
}
