import { reactive } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { debounce } from "@web/core/utils/timing";

import { NEWS, TOGETHER_MS } from "../order_news/order_news";

const APP = "allegro_sales_channel.menu_allegro_root";

/**
 * How many parts are to be checked.
 *
 * Counted when the application is opened, when its page has loaded what people decide
 * about, and when the server has news of orders: a buyer may have cancelled one.
 */
export const auditCounterService = {
    dependencies: ["bus_service", "menu", "orm"],

    start(env, { bus_service: bus, menu, orm }) {
        const counter = reactive({ toCheck: 0, count });

        async function count() {
            if (menu.getCurrentApp()?.xmlid === APP) {
                counter.toCheck = await orm.silent.searchCount("allegro.stock.audit", [
                    ["state", "=", "to_check"],
                ]);
            }
        }

        env.bus.addEventListener("MENUS:APP-CHANGED", count);
        bus.subscribe(NEWS, debounce(count, TOGETHER_MS));
        return counter;
    },
};

registry.category("services").add("allegro_audit_counter", auditCounterService);
