#include "camera_double.h"

#include <stdio.h>
#include <string.h>

struct control {
    uint32_t id, type;
    const char *name;
    int least, most, step, standard;
    uint32_t flags;
    const char *items[4];
    int value;
};

static struct control controls[] = {
    {V4L2_CID_BRIGHTNESS, V4L2_CTRL_TYPE_INTEGER, "Brightness", -64, 64, 2, 0, 0, {0}, 0},
    {V4L2_CID_POWER_LINE_FREQUENCY, V4L2_CTRL_TYPE_MENU, "Power Line Frequency", 0, 2, 1, 1, 0, {"Disabled", "50 Hz", "60 Hz"}, 1},
    {V4L2_CID_CAMERA_CLASS, V4L2_CTRL_TYPE_CTRL_CLASS, "Camera Controls", 0, 0, 0, 0, V4L2_CTRL_FLAG_READ_ONLY, {0}, 0},
    {V4L2_CID_EXPOSURE_AUTO, V4L2_CTRL_TYPE_MENU, "Auto Exposure", 0, 3, 1, 3, 0, {0, "Manual Mode", 0, "Aperture Priority Mode"}, 3},
    {V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "Exposure Time, Absolute", 3, 2047, 1, 250, V4L2_CTRL_FLAG_INACTIVE, {0}, 250},
    {V4L2_CID_FOCUS_AUTO, V4L2_CTRL_TYPE_BOOLEAN, "Focus, Automatic Continuous", 0, 1, 1, 1, 0, {0}, 1},
    {V4L2_CID_PRIVACY, V4L2_CTRL_TYPE_BOOLEAN, "Privacy", 0, 1, 1, 0, V4L2_CTRL_FLAG_READ_ONLY, {0}, 0},
};
enum { CONTROLS = sizeof controls / sizeof *controls };

int query_control(struct v4l2_query_ext_ctrl *answer)
{
    const uint32_t after = answer->id & V4L2_CTRL_ID_MASK;
    const int wants_next = (answer->id & V4L2_CTRL_FLAG_NEXT_CTRL) != 0;
    for (int i = 0; i < CONTROLS; i++) {
        const struct control *control = &controls[i];
        if (wants_next ? control->id <= after : control->id != after)
            continue;
        memset(answer, 0, sizeof *answer);
        answer->id = control->id;
        answer->type = control->type;
        snprintf(answer->name, sizeof answer->name, "%s", control->name);
        answer->minimum = control->least;
        answer->maximum = control->most;
        answer->step = (uint64_t)control->step;
        answer->default_value = control->standard;
        answer->flags = control->flags;
        return 0;
    }
    return fail(EINVAL);
}

int query_menu(struct v4l2_querymenu *answer)
{
    for (int i = 0; i < CONTROLS; i++)
        if (controls[i].id == answer->id && controls[i].type == V4L2_CTRL_TYPE_MENU && answer->index < 4 && controls[i].items[answer->index]) {
            snprintf((char *)answer->name, sizeof answer->name, "%s", controls[i].items[answer->index]);
            return 0;
        }
    return fail(EINVAL);
}

int set_control(struct device *device, struct v4l2_control *asked)
{
    const int error = (int)number_of(device, "control-error", 0);
    if (error)
        return fail(error);
    for (int i = 0; i < CONTROLS; i++) {
        if (controls[i].id != asked->id)
            continue;
        if (controls[i].flags & V4L2_CTRL_FLAG_READ_ONLY)
            return fail(EACCES);
        if (asked->value < controls[i].least || asked->value > controls[i].most)
            return fail(ERANGE);
        controls[i].value = asked->value;
        note("control %s %d\n", controls[i].name, asked->value);
        return 0;
    }
    return fail(EINVAL);
}
