import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";

import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** How long a buyer may still cancel; nothing when that time is over. */
export class AllegroCountdownField extends Component {
    static template = "allegro_sales_channel.CountdownField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ seconds: 0 });
        onWillStart(() => this.start(this.props));
        onWillUpdateProps((props) => this.start(props));
        onWillUnmount(() => clearInterval(this.timer));
    }

    start(props) {
        clearInterval(this.timer);
        this.until = props.record.data[props.name];
        this.tick();
        if (this.state.seconds > 0) {
            this.timer = setInterval(() => this.tick(), 1000);
        }
    }

    tick() {
        const seconds = this.until ? this.until.diff(DateTime.now(), "seconds").seconds : 0;
        this.state.seconds = Math.max(Math.ceil(seconds), 0);
        if (!this.state.seconds) {
            clearInterval(this.timer);
        }
    }

    get text() {
        const minutes = Math.floor(this.state.seconds / 60);
        const seconds = String(this.state.seconds % 60).padStart(2, "0");
        return _t("The buyer may still cancel: %(left)s", { left: `${minutes}:${seconds}` });
    }

    get label() {
        return _t("The buyer may still cancel until %(time)s", {
            time: formatDateTime(this.until),
        });
    }
}

registry.category("fields").add("allegro_countdown", {
    component: AllegroCountdownField,
    displayName: _t("Time to cancel"),
    supportedTypes: ["datetime"],
});
