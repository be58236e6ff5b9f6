import { onWillDestroy, status, useComponent } from "@odoo/owl";

import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";
import { ListController } from "@web/views/list/list_controller";

/** What the server sends when Allegro has answered about some orders. */
export const NEWS = "allegro_sales_channel/orders";
/** News of one moment (many orders at once) are dealt with together. */
export const TOGETHER_MS = 200;

/** Is a shown record about one of these orders? By model; others are never. */
const IS_ABOUT = {
    "sale.order": (record, orderIds) => orderIds.has(record.resId),
    "stock.picking": (record, orderIds) => orderIds.has(record.data.sale_id?.id),
    "allegro.bulk.result": () => true,
};

/**
 * Call back with the test "is this record about orders with news?".
 *
 * @param {string} resModel of the view
 * @param {(isAbout: (record: Object) => boolean) => void} callback
 */
function useOrderNews(resModel, callback) {
    const isAbout = IS_ABOUT[resModel];
    if (!isAbout) {
        return;
    }
    const component = useComponent();
    const bus = useService("bus_service");
    let orderIds = new Set();
    const tell = () => {
        const ids = orderIds;
        orderIds = new Set();
        if (status(component) === "mounted") {
            callback((record) => isAbout(record, ids));
        }
    };
    const onNews = (news) => {
        if (!orderIds.size) {
            setTimeout(tell, TOGETHER_MS);
        }
        news.order_ids.forEach((id) => orderIds.add(id));
    };
    bus.subscribe(NEWS, onNews);
    onWillDestroy(() => bus.unsubscribe(NEWS, onNews));
}

patch(FormController.prototype, {
    setup() {
        super.setup();
        useOrderNews(this.props.resModel, async (isAbout) => {
            const record = this.model.root;
            if (!record.resId || !isAbout(record)) {
                return;
            }
            // What somebody has typed must not get lost. Saving reads the record again
            // anyway; discarding does so below.
            if (await record.isDirty()) {
                this.hasAllegroNews = true;
            } else {
                await record.load();
            }
        });
    },

    async discard() {
        await super.discard();
        if (this.hasAllegroNews && status(this) === "mounted") {
            this.hasAllegroNews = false;
            await this.model.root.load();
        }
    },
});

patch(ListController.prototype, {
    setup() {
        super.setup();
        useOrderNews(this.props.resModel, (isAbout) => {
            // one by one: loading the whole list would lose what is selected
            for (const record of this.model.root.records) {
                if (isAbout(record) && !record.isInEdition) {
                    record.load();
                }
            }
        });
    },
});
