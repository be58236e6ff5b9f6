import { rpcBus } from "@web/core/network/rpc";
import { useBus, useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { NavBar } from "@web/webclient/navbar/navbar";

const APP = "allegro_sales_channel.menu_allegro_root";
const MENU = "allegro_sales_channel.menu_allegro_stock_audit";
/** The models whose buttons change how many parts are to be checked. */
const DECIDING = ["allegro.stock.audit", "allegro.write.off.wizard", "allegro.cancel.wizard"];

/** The number of parts to check, behind the name of their menu. */
patch(NavBar.prototype, {
    setup() {
        super.setup();
        this.allegroOrm = useService("orm");
        this.allegroPartsToCheck = 0;
        useBus(this.env.bus, "MENUS:APP-CHANGED", () => this.countAllegroParts());
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", () => this.countAllegroParts());
        useBus(rpcBus, "RPC:RESPONSE", ({ detail }) => {
            const { model, method } = detail.data.params || {};
            if (DECIDING.includes(model) && method?.startsWith("action_")) {
                this.countAllegroParts();
            }
        });
    },

    async countAllegroParts() {
        if (this.currentApp?.xmlid !== APP) {
            return;
        }
        const count = await this.allegroOrm.silent.searchCount("allegro.stock.audit", [
            ["state", "=", "to_check"],
        ]);
        if (count !== this.allegroPartsToCheck) {
            this.allegroPartsToCheck = count;
            this.render();
        }
    },

    get currentAppSections() {
        return super.currentAppSections.map((section) =>
            section.xmlid === MENU && this.allegroPartsToCheck
                ? { ...section, name: `${section.name} (${this.allegroPartsToCheck})` }
                : section
        );
    },

    // Odoo has this dummy too: a getter without one could not be overridden.
    set currentAppSections(_) {},
});
